package io.github.dydxgateway.feed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The numbers of a parent's children by the venue's ids of them, which are UUIDs of version 5 (RFC
 * 4122) over address and number. Computed when first needed. Not thread safe.
 */
final class ChildSubaccounts {
  private static final UUID NAMESPACE = UUID.fromString("0f9da948-a6fb-4c45-9edc-4685c3f3317d");
  private static final int PARENTS = 128;
  private static final int MAX_NUMBER = 127_999;

  private final String address;
  private final int parent;
  private Map<String, Integer> numbers;

  ChildSubaccounts(String address, int parent) {
    this.address = address;
    this.parent = parent;
  }

  /** The number of a child; null if the id is of none. */
  Integer numberOf(String subaccountId) {
    if (subaccountId.isEmpty()) {
      return null;
    }
    if (numbers == null) {
      numbers = new HashMap<>();
      for (int number = parent; number <= MAX_NUMBER; number += PARENTS) {
        numbers.put(idOf(address, number), number);
      }
    }
    return numbers.get(subaccountId);
  }

  /** The venue's id of a subaccount. */
  static String idOf(String address, int number) {
    byte[] name = (address + "-" + number).getBytes(StandardCharsets.UTF_8);
    ByteBuffer hash =
        ByteBuffer.wrap(
            sha1(
                ByteBuffer.allocate(16 + name.length)
                    .putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits())
                    .put(name)
                    .array()));
    long high = hash.getLong() & ~0xF000L | 0x5000L;
    long low = hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
