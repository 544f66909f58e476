package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageUri;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate is made here, for the host name localhost only. */
@Tag("slow")
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void verifyFull_acceptsTheServersCertificateForItsNameAndNothingElse() throws Exception {
    Path trusted = certificate("server");
    Path other = certificate("other");
    try (EmbeddedPostgres server = start("server")) {
      try (PostgresStorage storage = open(server, "localhost", trusted)) {
        NewJob job = NewJob.builder(new JobId(0, 1), "type", "q", Bytes.utf8("payload")).build();
        assertThat(storage.enqueue(new CallId(1, 1), List.of(job), Instant.EPOCH))
            .allMatch(receipt -> receipt.isEnqueued());
      }
      assertThatThrownBy(() -> open(server, "localhost", other))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("PKIX path");
      assertThatThrownBy(() -> open(server, "127.0.0.1", trusted))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("127.0.0.1");
    }
  }

  private static PostgresStorage open(EmbeddedPostgres server, String host, Path root) {
    String address =
        "postgresql://postgres:postgres@%s:%d/postgres?namespace=tls&sslmode=verify-full&sslrootcert=%s"
            .formatted(host, server.getPort(), root);
    return PostgresStorage.open(OptionReader.read(StorageUri.parse(address)));
  }

  private EmbeddedPostgres start(String name) throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("ssl", "on")
        .setServerConfig("ssl_cert_file", folder.resolve(name + ".crt").toString())
        .setServerConfig("ssl_key_file", folder.resolve(name + ".key").toString())
        .setServerConfig("listen_addresses", "127.0.0.1")
        .start();
  }

  /** Makes a key and a certificate that signs itself, and writes both as PEM. */
  private Path certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(folder.resolve(name + ".log"))).isZero();
    return export(store, name);
  }

  private Path export(Path store, String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Certificate certificate = keys.getCertificate(name);
    byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    Path keyFile = folder.resolve(name + ".key");
    Files.createFile(
        keyFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(keyFile, pem("PRIVATE KEY", key));
    return Files.writeString(
        folder.resolve(name + ".crt"), pem("CERTIFICATE", certificate.getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what);
  }
}
