package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.file.Commit.Span;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static byte[] file() {
    return Commit.of(List.of("first".getBytes(UTF_8), new byte[0], "third".getBytes(UTF_8))).file();
  }

  @Test
  void commit_readBack_hasItsCommands() throws IOException {
    Commit commit = Commit.parse(file());
    assertThat(commit.commands()).extracting(Span::length).containsExactly(5, 0, 5);
    Span third = commit.commands().get(2);
    assertThat(new String(commit.file(), third.offset(), third.length(), UTF_8)).isEqualTo("third");
  }

  @Test
  void commit_withAnyByteChanged_isFoundDamaged() {
    for (int i = 0; i < file().length; i++) {
      byte[] damaged = file();
      damaged[i] ^= 0x40;
      assertThatThrownBy(() -> Commit.parse(damaged))
          .as("byte %d", i)
          .isInstanceOf(CorruptException.class);
    }
  }

  @Test
  void commit_cutAnywhere_isFoundTorn() {
    for (int length = 0; length < file().length; length++) {
      byte[] torn = Arrays.copyOf(file(), length);
      byte[] zeros = Arrays.copyOf(torn, file().length);
      assertThatThrownBy(() -> Commit.parse(torn)).isInstanceOf(CorruptException.class);
      assertThatThrownBy(() -> Commit.parse(zeros)).isInstanceOf(CorruptException.class);
    }
  }

  @Test
  void names_keepTheOrderOfSequences() {
    assertThat(Names.of(9)).isLessThan(Names.of(10)).isLessThan(Names.of(1L << 40));
    assertThat(Names.sequence(Names.folder(77, 5))).hasValue(77);
    assertThat(Names.sequence("readme.txt")).isEmpty();
    assertThat(Names.sequence("../../../../etc/")).isEmpty();
  }
}
