package dev.noria.engine;

import dev.noria.job.NewJob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job that shall be stored.
 *
 * @param job what it is; without payload and headers if {@code place} says where they are
 * @param place null: payload and headers are on the heap, in {@code job}
 */
record Draft(NewJob job, @Nullable Body place) {

  static List<Draft> of(List<NewJob> jobs) {
    List<Draft> drafts = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      drafts.add(new Draft(job, null));
    }
    return drafts;
  }

  Body body() {
    return place == null ? Body.of(job) : place;
  }

  int payloadSize() {
    return place == null ? job.payload().size() : place.size;
  }
}
