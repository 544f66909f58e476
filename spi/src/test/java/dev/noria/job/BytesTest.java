package dev.noria.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void copyOf_isUntouchedByWhatTheCallerDoesNext() {
    byte[] array = {1, 2, 3};
    Bytes bytes = Bytes.copyOf(array);

    array[0] = 9;

    assertThat(bytes.toArray()).containsExactly(1, 2, 3);
  }

  @Test
  void toArray_givesACopyToKeep() {
    Bytes bytes = Bytes.copyOf(new byte[] {1, 2, 3});

    bytes.toArray()[0] = 9;

    assertThat(bytes.toArray()).containsExactly(1, 2, 3);
  }

  @Test
  void toByteBuffer_canOnlyBeRead() {
    Bytes bytes = Bytes.copyOf(new byte[] {1, 2});

    assertThatThrownBy(() -> bytes.toByteBuffer().put((byte) 9))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThat(bytes.toByteBuffer().remaining()).isEqualTo(2);
  }

  @Test
  void equalBytes_areEqual() {
    assertThat(Bytes.copyOf(new byte[] {0, -1}))
        .isEqualTo(Bytes.owned(new byte[] {0, -1}))
        .hasSameHashCodeAs(Bytes.owned(new byte[] {0, -1}))
        .isNotEqualTo(Bytes.copyOf(new byte[] {0, 1}))
        .isNotEqualTo(Bytes.EMPTY);
    assertThat(Bytes.copyOf(new byte[0])).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.EMPTY.isEmpty()).isTrue();
  }

  @Test
  void text_comesBackAndIsNeverPrinted() {
    Bytes text = Bytes.utf8("größer\u0000");

    assertThat(text.toUtf8()).isEqualTo("größer\u0000");
    assertThat(text.size()).isEqualTo(9);
    assertThat(text).hasToString("Bytes[9]");
  }
}
