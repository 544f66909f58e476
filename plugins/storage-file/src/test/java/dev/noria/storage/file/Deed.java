package dev.noria.storage.file;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.Part;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Events;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Notes;
import dev.noria.storage.Transfer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Every call that changes something, made on a {@link Scene}. */
enum Deed {
  ENQUEUE(true, s -> s.storage.enqueue(Scene.next(), List.of(Scene.job(21)), Scene.NOW)),
  ENQUEUE_MANY(
      true,
      s ->
          s.storage.enqueue(
              Scene.next(),
              List.of(
                  Scene.builder(21).key(new JobKey("k", KeyPolicy.whileUnfinished())).build(),
                  Scene.builder(22).key(new JobKey("k2", KeyPolicy.whileWaiting())).build(),
                  Scene.builder(23)
                      .dependencies(Dependencies.on(List.of(Scene.id(22), Scene.id(6))))
                      .build(),
                  Scene.job(1)),
              Scene.NOW)),
  DEQUEUE(true, s -> s.storage.dequeue(Scene.next(), Scene.request(Scene.QUEUE, 3), Scene.NOW)),
  EXCHANGE(
      true,
      s ->
          s.storage.exchange(
              Scene.next(),
              List.of(
                  new Ack.Completed(
                      s.leases.get(0), Bytes.utf8("done"), null, List.of(Scene.job(24))),
                  new Ack.Retry(s.leases.get(1), Scene.LATER, Scene.ERROR)),
              Scene.request(Scene.QUEUE, 2),
              Scene.NOW)),
  ACK_COMPLETED(true, s -> ack(s, new Ack.Completed(s.leases.get(0)))),
  ACK_DEAD(true, s -> ack(s, new Ack.Dead(s.leases.get(0), Scene.ERROR))),
  ACK_RELEASED(true, s -> ack(s, new Ack.Released(s.leases.get(0), null, "limited"))),
  ACK_CANCELLED(true, s -> ack(s, new Ack.Cancelled(s.leases.get(0), "no need"))),
  EXTEND(
      false,
      s ->
          s.storage.extend(
              s.leases.stream().map(lease -> new LeaseUse(lease, true)).toList(),
              Scene.LATER,
              Scene.NOW)),
  MAINTAIN(false, s -> s.storage.maintain(100, Scene.LATER)),
  CANCEL(
      false,
      s -> s.administration().cancel(List.of(Scene.id(2), Scene.id(11), Scene.id(7)), Scene.NOW)),
  DELETE(false, s -> s.administration().delete(List.of(Scene.id(2), Scene.id(7)), Scene.NOW)),
  RESCHEDULE(
      false, s -> s.administration().reschedule(List.of(Scene.id(2)), Scene.LATER, Scene.NOW)),
  REPRIORITISE(false, s -> s.administration().reprioritise(List.of(Scene.id(2)), 9, Scene.NOW)),
  REPLAY(false, s -> s.administration().replay(List.of(Scene.id(7), Scene.id(8)), Scene.NOW)),
  PURGE(
      false,
      s ->
          s.administration()
              .purge(
                  "old", Set.of(JobState.DEAD, JobState.COMPLETED), Scene.LATER, 9, Scene.LATER)),
  DISCARD(false, s -> s.administration().discardWaiting(Scene.QUEUE, 100, Scene.NOW)),
  PAUSE(false, s -> nothing(() -> s.administration().pause(Scene.QUEUE, Scene.NOW))),
  CLEAR(false, s -> s.administration().clear(Scene.WORK, 100, Scene.NOW)),
  SET_POLICY(
      false,
      s ->
          s.administration()
              .setPolicy(
                  Scene.QUEUE,
                  QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1)),
                  Scene.NOW)),
  REGISTER(
      false,
      s -> s.registers().compareAndSet("reg", 1, Bytes.utf8("other"), Scene.LATER, Scene.NOW)),
  REGISTER_DELETE(false, s -> s.registers().delete("reg", 1, Scene.NOW)),
  ADVANCE(
      true,
      s ->
          s.registers()
              .advance(
                  Scene.next(),
                  "reg",
                  1,
                  Bytes.utf8("tick"),
                  List.of(Scene.job(25), Scene.job(26)),
                  Scene.NOW)),
  PROGRESS(
      false,
      s -> notes(s).progress(s.leases.get(0), new JobNotes.Progress(50, Bytes.utf8("half")))),
  LOG(
      false,
      s ->
          notes(s)
              .log(s.leases.get(0), List.of(new JobNotes.LogLine(Scene.NOW, Bytes.utf8("line"))))),
  STEP(false, s -> notes(s).step(s.leases.get(0), "charge", Bytes.utf8("receipt"))),
  EVENTS(
      false,
      s ->
          nothing(
              () -> s.storage.capability(Events.class).orElseThrow().mode(Events.Mode.TERMINAL))),
  RESTORE(
      false,
      s -> {
        var stored = s.storage.find(List.of(Scene.id(7)), EnumSet.allOf(Part.class));
        s.administration().delete(List.of(Scene.id(7)), Scene.NOW);
        return s.storage.capability(Transfer.class).orElseThrow().restore(stored, Scene.NOW);
      });

  /** Whether it names its call, so that it can be repeated. */
  final boolean repeatable;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Function<Scene, Object> call;

  Deed(boolean repeatable, Function<Scene, Object> call) {
    this.repeatable = repeatable;
    this.call = call;
  }

  Object on(Scene scene) {
    return call.apply(scene);
  }

  /** Whether it is one unit: the restore of the test deletes first. */
  boolean isOneUnit() {
    return this != RESTORE;
  }

  private static Object ack(Scene scene, Ack ack) {
    Lease lease = ack.lease();
    DequeueRequest none = DequeueRequest.nothing("worker", lease.nonce(), Scene.LATER);
    return scene.storage.exchange(Scene.next(), List.of(ack), none, Scene.NOW);
  }

  private static Notes notes(Scene scene) {
    return scene.storage.capability(Notes.class).orElseThrow();
  }

  private static Object nothing(Runnable call) {
    call.run();
    return "done";
  }
}
