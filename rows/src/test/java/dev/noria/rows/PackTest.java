package dev.noria.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackTest {
  private static String hex(Pack pack) {
    return HexFormat.of().formatHex(pack.toBytes());
  }

  /** Files of earlier releases are full of these bytes. */
  @Test
  void theForm_staysAsItIs() {
    JobId id = new JobId(0x0123456789abcdefL, 0x8000000000000001L);
    Pack pack = new Pack(1).octet(7).number(300).word(-2).id(id).text("ä").bytes(bytes("ab"));

    assertThat(hex(pack)).isEqualTo("07ac02fffffffe0123456789abcdef800000000000000102c3a4026162");
  }

  @Test
  void whatWasWritten_isRead() {
    JobId id = new JobId(-1, 1);
    Pack pack = new Pack(2).octet(255).word(Integer.MIN_VALUE).id(id).text("a\0b").text("");
    pack.raw("to here\0".getBytes(StandardCharsets.UTF_8)).bytes(bytes("x")).raw(bytes("rest"));
    pack.wordAt(1, 17);

    Unpack in = new Unpack(pack.toBytes());

    assertThat(in.octet()).isEqualTo(255);
    assertThat(in.word()).isEqualTo(17);
    assertThat(in.position()).isEqualTo(5);
    assertThat(in.id()).isEqualTo(id);
    assertThat(in.text()).isEqualTo("a\0b");
    assertThat(in.text()).isEmpty();
    assertThat(in.textToNul()).isEqualTo("to here");
    assertThat(in.bytes()).isEqualTo(bytes("x"));
    assertThat(in.rest()).isEqualTo(bytes("rest"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aNumber_isReadAsWritten(long number) {
    byte[] bytes = new Pack(1).number(number).toBytes();

    assertThat(new Unpack(bytes).number()).isEqualTo(number);
    assertThat(bytes).hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void bytesCutOff_areRefused() {
    byte[] whole = new Pack(8).text("hello").toBytes();
    byte[] cut = Arrays.copyOf(whole, 3);

    assertThatThrownBy(() -> new Unpack(cut).text()).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> new Unpack(new byte[] {-1, -1}).number())
        .isInstanceOf(RuntimeException.class);
  }

  private static Bytes bytes(String text) {
    return Bytes.owned(text.getBytes(StandardCharsets.UTF_8));
  }
}
