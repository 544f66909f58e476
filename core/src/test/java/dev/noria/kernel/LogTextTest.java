package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

  private static String value(String text) {
    StringBuilder line = new StringBuilder();
    LogText.add(line, "k", text);
    assertThat(line).startsWith("k=");
    return line.substring(2);
  }

  @Test
  void fields_standApart() {
    StringBuilder line = new StringBuilder();
    LogText.add(line, "a", "1");
    LogText.add(line, "b", "2 3");
    assertThat(line).hasToString("a=1 b=\"2 3\"");
  }

  @Test
  void plainWords_needNoQuotes() {
    assertThat(value("email.send/v2_x-1:a@b#c$D+9")).isEqualTo("email.send/v2_x-1:a@b#c$D+9");
  }

  @Test
  void whatCouldLookLikeAnotherField_isQuoted() {
    assertThat(value("a b=c")).isEqualTo("\"a b=c\"");
    assertThat(value("")).isEqualTo("\"\"");
    assertThat(value("größe 漢")).isEqualTo("\"größe 漢\"");
    assertThat(value("\"\\")).isEqualTo("\"\\\"\\\\\"");
  }

  @Test
  void whatSteersLinesAndTerminals_isWrittenOut() {
    assertThat(value("\r\n\t\0\u001b\u007f\u0085"))
        .isEqualTo("\"\\r\\n\\t\\u0000\\u001b\\u007f\\u0085\"");
    assertThat(value("\u2028\u2029\u202e\u200b\ud800\ue000\ufeff"))
        .isEqualTo("\"\\u2028\\u2029\\u202e\\u200b\\ud800\\ue000\\ufeff\"");
  }

  @Test
  void longTexts_areCut() {
    String cut = value("x".repeat(100_000));
    assertThat(cut).hasSize(203).endsWith("x…\"");
    assertThat(value("x".repeat(200))).hasSize(200);
  }

  @Test
  void plain_hasNoQuotesAroundIt() {
    assertThat(LogText.plain("no \"route\"\nto host")).isEqualTo("no \\\"route\\\"\\nto host");
  }
}
