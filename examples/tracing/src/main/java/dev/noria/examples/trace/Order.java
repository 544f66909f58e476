package dev.noria.examples.trace;

import dev.noria.job.JobType;

/**
 * What the jobs are about.
 *
 * @param number of the order
 */
record Order(int number) {
  static final JobType<Order> PLACE = JobType.of("order.place", Order.class).queue("orders");
  static final JobType<Order> CONFIRM = JobType.of("order.confirm", Order.class).queue("mail");
}
