package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageUri;
import dev.noria.storage.postgres.PostgresOptions.Migrate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresOptionsTest {
  private static PostgresOptions read(String uri) {
    return OptionReader.read(StorageUri.parse(uri));
  }

  @Test
  void fullAddress_isRead() {
    PostgresOptions options =
        read(
            "postgresql://ann:s%40cret@db.example.org:6543/jobs?namespace=mail&migrate=validate"
                + "&connections=4&timeout=5s&signals=false&sslmode=verify-full");
    assertThat(options.address().host()).isEqualTo("db.example.org");
    assertThat(options.address().port()).isEqualTo(6543);
    assertThat(options.address().database()).isEqualTo("jobs");
    assertThat(options.address().properties()).containsEntry("sslmode", "verify-full");
    assertThat(options.user()).isEqualTo("ann");
    assertThat(options.password()).isEqualTo("s@cret");
    assertThat(options.namespace()).isEqualTo("mail");
    assertThat(options.migrate()).isEqualTo(Migrate.VALIDATE);
    assertThat(options.connections()).isEqualTo(4);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.signals()).isFalse();
  }

  @Test
  void shortAddress_hasDefaults() {
    PostgresOptions options = read("postgres://localhost/db?sslmode=require");
    assertThat(options.address().port()).isEqualTo(5432);
    assertThat(options.address().database()).isEqualTo("db");
    assertThat(options.user()).isNull();
    assertThat(read("postgresql:").address().host()).isEqualTo("localhost");
    assertThat(read("postgresql://[::1]:5433/x").address().host()).isEqualTo("[::1]");
  }

  @Test
  void secrets_areMasked() {
    PostgresOptions options = read("postgresql://ann:s3cret@localhost/db?sslpassword=t0psecret");
    assertThat(options.toString()).doesNotContain("s3cret").doesNotContain("t0psecret");
    assertThat(options.address().toString()).isEqualTo("localhost:5432/db");
  }

  @Test
  void passwordsThatAreNotEncoded_areNeverShown() {
    for (String address :
        new String[] {
          "postgresql://app:pa/s3cret@db/jobs",
          "postgresql://app:pa?s3cret@db/jobs",
          "postgresql://app:12?s3cret@db/jobs",
          "postgresql://app:s3cret%zz@db/jobs"
        }) {
      assertThat(StorageUri.parse(address).toString()).as(address).doesNotContain("s3cret");
      assertThatThrownBy(() -> read(address))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class)
          .hasNoCause()
          .message()
          .doesNotContain("s3cret")
          .contains("%");
    }
    PostgresOptions options = read("postgresql://app:p@s3cret@db/jobs");
    assertThat(options.password()).isEqualTo("p@s3cret");
    assertThat(options.address().toString()).isEqualTo("db:5432/jobs");
  }

  @Test
  void unknownOption_namesTheNearest() {
    assertThatThrownBy(() -> read("postgresql://localhost/db?namspace=x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'namspace'")
        .hasMessageContaining("'namespace'");
  }

  @Test
  void wrongValues_areRefused() {
    for (String wrong :
        new String[] {
          "connections=0",
          "connections=x",
          "timeout=1ms",
          "timeout=x",
          "signals=x",
          "migrate=x",
          "namespace=A"
        }) {
      assertThatThrownBy(() -> read("postgresql://localhost/db?" + wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> read("postgresql://localhost:99999/db"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
