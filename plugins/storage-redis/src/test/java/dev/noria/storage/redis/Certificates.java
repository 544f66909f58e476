package dev.noria.storage.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate that signs itself, for the host name localhost only.
 *
 * @param certificate as PEM
 * @param key as PEM
 */
record Certificates(Path certificate, Path key) {
  private static final String PASSWORD = "changeit";

  /** Makes one, which connections that this JVM opens from now on trust, and no other. */
  static Certificates trusted() {
    try {
      Path folder = Files.createTempDirectory("noria-redis-tls");
      Path store = generate(folder);
      System.setProperty("javax.net.ssl.trustStore", store.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
      byte[] certificate = keys.getCertificate("server").getEncoded();
      keys.setCertificateEntry("trusted", keys.getCertificate("server"));
      try (var out = Files.newOutputStream(store)) {
        keys.store(out, PASSWORD.toCharArray());
      }
      return new Certificates(
          Files.writeString(folder.resolve("server.crt"), pem("CERTIFICATE", certificate)),
          Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("There is no certificate.", e);
    }
  }

  private static Path generate(Path folder) throws IOException {
    Path store = folder.resolve("server.p12");
    Path log = folder.resolve("keytool.log");
    String options =
        "-genkeypair -alias server -keyalg EC -dname CN=localhost -ext san=dns:localhost"
            + " -ext bc=ca:true -validity 2 -storetype PKCS12 -storepass "
            + PASSWORD
            + " -keystore";
    Process keytool =
        new ProcessBuilder(command(options, store))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while keytool ran.", e);
    }
    return store;
  }

  private static java.util.List<String> command(String options, Path store) {
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(java.util.List.of(options.split(" ", -1)));
    command.add(store.toString());
    return command;
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what);
  }
}
