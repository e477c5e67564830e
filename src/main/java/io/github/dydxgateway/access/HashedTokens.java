package io.github.dydxgateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The tokens of the configuration, which holds their hashes only. May be used from any thread.
 *
 * <p>A plain hash is enough, since tokens are random and as long as the hash: nothing can be
 * guessed.
 */
final class HashedTokens {
  private record Entry(byte[] hash, Rights rights) {}

  private final List<Entry> entries;

  HashedTokens(List<AccessSettings.Token> tokens) {
    entries =
        tokens.stream()
            .map(token -> new Entry(HexFormat.of().parseHex(token.sha256()), token.rights()))
            .toList();
  }

  /**
   * The rights of a token. Takes the same time wherever the token is in the configuration, and
   * whether it is there or not.
   *
   * @return null if it is not there
   */
  Rights find(String token) {
    byte[] hash = sha256(token);
    Rights found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry.rights();
      }
    }
    return found;
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
