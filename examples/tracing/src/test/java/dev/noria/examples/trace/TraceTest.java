package dev.noria.examples.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Runs the example, with its second JVM, and compares the trace. */
class TraceTest {

  @Test
  void producerAndWorker_makeOneTrace() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      Producer.main();
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(UTF_8).lines())
        .containsExactly(
            "order ENQUEUED",
            "1 trace",
            "POST /orders [producer]",
            "  send orders [producer]",
            "    process orders [worker, attempt 1 retry]",
            "      charge the card [worker]",
            "      ack orders [worker]",
            "    process orders [worker, attempt 2 completed]",
            "      charge the card [worker]",
            "      send mail [worker]",
            "        process mail [worker, attempt 1 completed]",
            "          ack mail [worker]",
            "      ack orders [worker]");
  }
}
