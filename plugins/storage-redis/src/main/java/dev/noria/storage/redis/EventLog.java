package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.Events;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The stream of state changes. */
final class EventLog implements Events {
  private final Server server;

  EventLog(Server server) {
    this.server = server;
  }

  @Override
  public Mode mode() {
    return Codes.MODES.get((int) meta("events"));
  }

  private long meta(String name) {
    byte @Nullable [] value =
        this.<byte @Nullable []>answer(
            () -> server.link().commands().hget(server.key("meta"), Server.bytes(name)));
    return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.US_ASCII));
  }

  private <T extends @Nullable Object> T answer(
      Supplier<? extends java.util.concurrent.Future<T>> command) {
    return server.answer("events", command);
  }

  @Override
  public void mode(Mode mode) {
    byte[] value = Server.bytes(Integer.toString(Codes.MODES.indexOf(mode)));
    answer(() -> server.link().commands().hset(server.key("meta"), Server.bytes("events"), value));
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    Listing.checkLimit(limit);
    Pack out = new Pack().open().key("limit").number(limit);
    if (cursor != null) {
      out.key("after").number(number(cursor));
    }
    Unpack in = server.ask("events", out.close());
    in.list();
    List<Event> events = new ArrayList<>();
    for (int left = in.list(); left > 0; left -= 2) {
      long sequence = in.number();
      events.add(event(sequence, new Unpack(in.raw())));
    }
    long before = in.number();
    long after = cursor == null ? before : number(cursor);
    boolean gap = after < before;
    // A gap before nothing: the server has lost its counter, and begins anew.
    long end = gap ? 0 : after;
    long next = events.isEmpty() ? end : events.get(events.size() - 1).sequence();
    return new EventPage(events, Long.toString(next), gap);
  }

  private static long number(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + cursor + "' is not a cursor. Give what the last page said.", e);
    }
  }

  private static Event event(long sequence, Unpack in) {
    in.list();
    JobId id = in.id();
    String queue = in.text();
    String type = in.text();
    JobState from = state(in.count());
    JobState to = state(in.count());
    return new Event(sequence, id, queue, type, from, to, Instant.ofEpochMilli(in.number()));
  }

  private static @Nullable JobState state(int code) {
    return code == 7 ? null : Codes.state(code);
  }

  @Override
  public String end() {
    return Long.toString(meta("event"));
  }
}
