package dev.noria.testing;

/** Where the assertions start; meant to be imported statically. */
public final class NoriaAssertions {
  private NoriaAssertions() {}

  /** Says what waits in a queue and what became of its jobs. */
  public static TestQueueAssert assertThat(TestQueue actual) {
    return new TestQueueAssert(actual);
  }
}
