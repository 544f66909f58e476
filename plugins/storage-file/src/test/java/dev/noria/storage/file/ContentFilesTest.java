package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem.Kind;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContentFilesTest {
  private static final int FIRST = Frame.BYTES + Integer.BYTES + Integer.BYTES;
  private final SimDisk host = new SimDisk();
  private LogRig rig;
  private ContentFiles contents;
  private Path file;

  @BeforeEach
  void commitTwoContents() throws IOException {
    rig = LogRig.open(host, "one");
    contents = contents(1 << 20);
    file = rig.file(1);
    Path draft = rig.drafts.write(Commit.of(List.of(checked("one"), checked("other"))).file());
    long ignored = rig.log.append(draft);
  }

  private ContentFiles contents(long cache) {
    return new ContentFiles(rig.layout, rig.disk, new Aside(rig.layout.corrupt(), rig.disk), cache);
  }

  private static byte[] checked(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + bytes.length)
        .putInt(Frame.crc(ByteBuffer.wrap(bytes)))
        .put(bytes)
        .array();
  }

  private static int second() {
    return FIRST + 3 + Integer.BYTES + Integer.BYTES;
  }

  @Test
  void read_fromTheLog_givesTheBytes() {
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
    assertThat(contents.read(1, second(), 5)).isEqualTo(Bytes.utf8("other"));
  }

  @Test
  void read_afterTheFolderWasRetired_givesTheBytes() throws IOException {
    String folder = rig.log.place().folder();
    rig.disk.move(rig.layout.log().resolve(folder), rig.layout.content().resolve(folder));
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
  }

  @Test
  void read_ofADamagedContent_isNullAndTheOtherIsNot() throws IOException {
    host.damage((SimPath) file, FIRST + 1);
    assertThat(contents.read(1, FIRST, 3)).isNull();
    assertThat(contents.read(1, second(), 5)).isEqualTo(Bytes.utf8("other"));
    assertThat(rig.disk.list(rig.layout.corrupt())).hasSize(1);
  }

  @Test
  void read_ofWhatIsGone_isNull() throws IOException {
    assertThat(contents.read(2, FIRST, 3)).isNull();
    assertThat(contents.read(1, FIRST + 500, 3)).isNull();
  }

  @Test
  void read_again_needsNoFile() throws IOException {
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
    rig.system.fail(step -> true, "Input/output error");
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
  }

  @Test
  void read_ofALargeCommitThatWasJustWritten_needsNoFile() {
    byte[] large = Commit.of(List.of(checked("one"), new byte[3 << 20])).file();
    contents.remember(7, large);
    assertThat(contents.read(7, FIRST, 3)).isNull();
    ContentFiles roomy = contents(16 << 20);
    roomy.remember(7, large);
    assertThat(roomy.read(7, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
  }

  @Test
  void read_ofWhatTheDiskCanNotReadJustNow_isToBeRepeatedSomeTimes() {
    rig.system.fail(step -> true, "Input/output error");
    for (int failures = 1; failures <= ContentFiles.FAILURES; failures++) {
      assertToBeRepeated();
    }
    rig.system.heal();
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
    contents.forget();
    rig.system.fail(step -> true, "Input/output error");
    for (int failures = 1; failures <= ContentFiles.FAILURES; failures++) {
      assertToBeRepeated();
    }
    assertThat(contents.read(1, FIRST, 3)).isNull();
  }

  private void assertToBeRepeated() {
    assertThatThrownBy(() -> contents.read(1, FIRST, 3))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
  }

  @Test
  void read_ofWhatCanNotBeLookedAt_isToBeRepeated() {
    rig.system.fail(step -> step.kind() == Kind.LOOK, "Permission denied");
    for (int failures = 0; failures < 2 * ContentFiles.FAILURES; failures++) {
      assertToBeRepeated();
    }
    rig.system.heal();
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
  }

  @Test
  void read_withoutFilesToOpen_isToBeRepeated() {
    rig.system.fail(step -> step.kind() == Kind.OPEN, "Too many open files");
    assertToBeRepeated();
    rig.system.heal();
    assertThat(contents.read(1, FIRST, 3)).isEqualTo(Bytes.utf8("one"));
  }

  @Test
  void recent_holdsNoMoreThanItMay() {
    Recent recent = new Recent(100);
    for (long i = 0; i < 10; i++) {
      recent.put(i, new byte[30]);
    }
    assertThat(recent.get(6)).isNull();
    assertThat(recent.get(7)).hasSize(30);
    assertThat(recent.get(9)).hasSize(30);
  }
}
