package io.github.dydxgateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key store with a fresh key and a certificate for {@code localhost} that nobody signed but
 * itself; as a trust store it vouches for that certificate.
 */
public record SelfSignedStore(Path path, String password) {

  /** Makes one with the JDK's keytool. */
  public static SelfSignedStore in(Path directory) throws IOException, InterruptedException {
    return in(directory, "dns:localhost,ip:127.0.0.1");
  }

  /**
   * Makes one for these names.
   *
   * @param names such as {@code dns:localhost,ip:127.0.0.1}
   */
  public static SelfSignedStore in(Path directory, String names)
      throws IOException, InterruptedException {
    SelfSignedStore store = new SelfSignedStore(directory.resolve("self-signed.p12"), "password");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "self-signed",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=" + names,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    store.password(),
                    "-keystore",
                    store.path().toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed with " + keytool.exitValue());
    }
    return store;
  }

  /** Writes certificate and key as PEM, as cert-manager does. */
  public void writePem(Path certificate, Path key) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(path)) {
      keys.load(file, password.toCharArray());
    }
    Files.writeString(
        certificate, pem("CERTIFICATE", keys.getCertificate("self-signed").getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("self-signed", password.toCharArray()).getEncoded()));
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(content), what);
  }
}
