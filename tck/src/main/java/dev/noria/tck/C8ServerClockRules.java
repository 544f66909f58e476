package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.ServerClock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server's own time (C8.1). */
abstract class C8ServerClockRules extends CapabilityRules<ServerClock> {
  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  C8ServerClockRules() {
    super(ServerClock.class);
  }

  @Test
  void c8_1_theServersTimeIsATimeOfToday() {
    assertThat(capability().serverTime()).isBetween(FIRST, LAST);
  }

  @Test
  void c8_1_samplesDoNotGoBackwards() {
    Instant last = capability().serverTime();
    for (int i = 0; i < 200; i++) {
      Instant next = capability().serverTime();
      assertThat(next).isAfterOrEqualTo(last);
      last = next;
    }
  }

  @Test
  void c8_1_theServersTimeIsNotTheCallers() {
    Instant before = capability().serverTime();
    rig().time.advance(HOUR.multipliedBy(10_000));
    rig().enqueue(rig().jobs(1));
    assertThat(capability().serverTime()).isBetween(before, before.plus(HOUR));
  }

  @Test
  void c8_1_anExchangeSamplesTheSameClock() {
    Rig.Client client = rig().client();
    Instant before = capability().serverTime();
    Exchange exchange = client.exchange(List.of(), client.request(Rig.QUEUE, 1));
    Instant after = capability().serverTime();
    assertThat(exchange.serverTime()).isNotNull().isBetween(before, after);
  }

  @Test
  void c8_1_twoStoragesReadOneClock() {
    rig().needsSharing();
    JobStorage second = rig().openAgain();
    ServerClock other = second.capability(ServerClock.class).orElseThrow();
    Instant before = capability().serverTime();
    Instant between = other.serverTime();
    assertThat(between).isAfterOrEqualTo(before);
    assertThat(capability().serverTime()).isAfterOrEqualTo(between);
  }
}
