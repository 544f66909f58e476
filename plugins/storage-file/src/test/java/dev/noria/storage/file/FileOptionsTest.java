package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageUri;
import dev.noria.storage.file.FileOptions.Fsync;
import dev.noria.storage.file.FileOptions.Permissions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FileOptionsTest {
  private static FileOptions read(String address) {
    return OptionReader.read(StorageUri.parse(address));
  }

  @Test
  void address_withoutOptions_isTheDefaults() {
    assertThat(read("file:jobs")).isEqualTo(FileOptions.defaults());
    assertThat(read("file:/var/jobs").root()).isEqualTo(Path.of("/var/jobs"));
    assertThat(read("file:///var/jobs").root()).isEqualTo(Path.of("/var/jobs"));
    assertThat(read("file:?path=x").root()).isEqualTo(Path.of("x"));
  }

  @Test
  void address_withOptions_setsThem() {
    String options =
        "?fsync=never&namespace=mail&permissions=group&allowNetworkFs=true&poll=5ms&folderCommits=16"
            + "&checkpointBytes=65536&cacheBytes=0";
    assertThat(read("file:/x" + options))
        .isEqualTo(
            FileOptions.defaults()
                .withRoot(Path.of("/x"))
                .withFsync(Fsync.NEVER)
                .withNamespace("mail")
                .withPermissions(Permissions.GROUP)
                .withAllowNetworkFs(true)
                .withPoll(Duration.ofMillis(5))
                .withFolderCommits(16)
                .withCheckpointBytes(65_536)
                .withCacheBytes(0));
  }

  @Test
  void address_withAnUnknownOption_namesTheNearest() {
    assertThatThrownBy(() -> read("file:/x?fsinc=never"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Did you mean 'fsync'?");
  }

  /** What was decided against, see ADR 10. */
  @Test
  void address_withOptionsThatOtherDesignsHave_saysWhichThereAre() {
    for (String absent : new String[] {"shards=4", "batchBytes=1000"}) {
      assertThatThrownBy(() -> read("file:/x?" + absent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no option '" + absent.split("=", 2)[0] + "'")
          .hasMessageContaining("folderCommits, checkpointBytes, cacheBytes");
    }
  }

  @Test
  void address_withWrongValues_saysWhatWasExpected() {
    assertThatThrownBy(() -> read("file:/x?fsync=maybe")).hasMessageContaining("ALWAYS, NEVER");
    assertThatThrownBy(() -> read("file:/x?permissions=0770"))
        .hasMessageContaining("permissions='0770' is not known. Expected one of [OWNER, GROUP]");
    assertThatThrownBy(() -> read("file:/x?poll=soon")).hasMessageContaining("span of time");
    assertThatThrownBy(() -> read("file:/x?poll=0ms")).hasMessageContaining("out of range");
    assertThatThrownBy(() -> read("file:/x?folderCommits=-1")).hasMessageContaining("no number");
    assertThatThrownBy(() -> read("file:/x?allowNetworkFs=yes")).hasMessageContaining("true or");
    assertThatThrownBy(() -> read("file:/x?namespace=../up")).hasMessageContaining("not legal");
    assertThatThrownBy(() -> read("file:/x?folderCommits=1")).hasMessageContaining("2 to 65536");
    assertThatThrownBy(() -> read("file:/x?checkpointBytes=1")).hasMessageContaining("4096 to");
    assertThatThrownBy(() -> read("file:/x?cacheBytes=-1")).hasMessageContaining("no number");
    assertThatThrownBy(() -> read("file:/x?poll=1d")).hasMessageContaining("1 to 60000");
    assertThatThrownBy(() -> read("file:/x?fsync=")).hasMessageContaining("ALWAYS, NEVER");
    assertThatThrownBy(() -> read("file:/x?path=y")).hasMessageContaining("twice");
    assertThatThrownBy(() -> read("file://host/x")).hasMessageContaining("names a server");
    assertThatThrownBy(() -> read("file:")).hasMessageContaining("empty");
  }
}
