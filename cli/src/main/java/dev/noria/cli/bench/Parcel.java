package dev.noria.cli.bench;

import dev.noria.job.JobType;

/**
 * The payload of all workloads: 200 bytes of JSON.
 *
 * @param number which one
 * @param sender text
 * @param receiver text
 * @param note fills it up
 */
record Parcel(long number, String sender, String receiver, String note) {
  static final String QUEUE = "noria-bench";
  static final JobType<Parcel> JOB = JobType.of("noria.bench", Parcel.class).queue(QUEUE);
  private static final long FIRST = 1_000_000_000L;

  static Parcel of(long number) {
    return new Parcel(
        FIRST + number,
        "Water Works, Hama",
        "The Upper Field, Orontes Valley",
        "One bucket after the other, and none of them is spilled, lost or counted twice in a single day.");
  }
}
