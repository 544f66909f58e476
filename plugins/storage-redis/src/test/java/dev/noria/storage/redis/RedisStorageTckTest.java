package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** A namespace keeps the contract. A minute of round trips, so the quick pass goes without it. */
@Tag("slow")
class RedisStorageTckTest extends JobStorageTck {
  TestServer server() {
    return TestServer.seven();
  }

  @Override
  protected JobStorage open(Place place) {
    return RedisStorage.open(server().options(place));
  }

  private void format(Place place, String format, String readable) {
    server()
        .commands()
        .hset(
            server().key(place, "meta"),
            Map.of(
                Server.bytes("format"), Server.bytes(format),
                Server.bytes("readable"), Server.bytes(readable)));
  }

  @Override
  protected boolean makeNewer(Place place) {
    format(place, "999", "999");
    return true;
  }

  @Override
  protected Optional<JobStorage> openNext(Place place) {
    format(place, "2", "1");
    return Optional.of(open(place));
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.writeBytes(server().key(place, "j:"));
    key.write(id.toBytes(), 0, 5);
    server().commands().hset(key.toByteArray(), id.toBytes(), new byte[] {1, 2});
    return true;
  }

  @Override
  protected void drop(Place place) {
    server().drop(place);
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(
        Inspection.class,
        Administration.class,
        Registers.class,
        Notes.class,
        Signals.class,
        Events.class,
        ServerClock.class,
        Transfer.class);
  }
}
