package io.github.dydxgateway.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A key store with a fresh key and a certificate for {@code localhost} that nobody signed but
 * itself; as a trust store it vouches for that certificate.
 */
public record SelfSignedStore(Path path, String password) {

  /** Makes one with the JDK's keytool. */
  public static SelfSignedStore in(Path directory) throws IOException, InterruptedException {
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
                    "san=dns:localhost",
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
}
