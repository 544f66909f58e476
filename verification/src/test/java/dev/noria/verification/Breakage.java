package dev.noria.verification;

import dev.noria.tck.network.Cut;
import dev.noria.tck.network.TcpProxy;
import java.time.Duration;
import java.util.SplittableRandom;

/** What a network does to the connections through a proxy. */
final class Breakage {
  private Breakage() {}

  /** One cut; given up, and false, when no connection comes by it. */
  static boolean one(TcpProxy proxy, Cut cut) throws InterruptedException {
    proxy.arm(cut);
    for (int i = 0; i < 100 && proxy.isArmed(); i++) {
      Wait.last(Duration.ofMillis(5));
    }
    boolean met = !proxy.isArmed();
    proxy.disarm();
    return met;
  }

  /** All connections at once, and new ones are refused or stall for a while. */
  static void everything(TcpProxy proxy, SplittableRandom random) throws InterruptedException {
    switch (random.nextInt(3)) {
      case 0 -> proxy.refuse();
      case 1 -> proxy.freeze();
      default -> proxy.delay(Duration.ofMillis(20));
    }
    int ignored = proxy.cutAll();
    Wait.last(Duration.ofMillis(random.nextInt(700)));
    proxy.resume();
  }
}
