package dev.noria.chain;

import dev.noria.middleware.AckChain;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one link of the ack chain sees of one exchange. A link that fails is treated as if it were
 * not there: its acks go on as they came, and exactly once.
 */
final class AckStep implements AckChain {
  private static final Logger log = LoggerFactory.getLogger(Chains.class);

  private final Link[] links;
  private final int index;
  private final List<Ack> acks;
  private final Function<List<Ack>, List<AckReceipt>> innermost;
  private boolean proceeded;
  private @Nullable List<AckReceipt> inner;
  private @Nullable Throwable trouble;

  private AckStep(
      Link[] links, int index, List<Ack> acks, Function<List<Ack>, List<AckReceipt>> innermost) {
    this.links = links;
    this.index = index;
    this.acks = acks;
    this.innermost = innermost;
  }

  static List<AckReceipt> run(
      Link[] links, int index, List<Ack> acks, Function<List<Ack>, List<AckReceipt>> innermost) {
    if (index < links.length) {
      return new AckStep(links, index, acks, innermost).around();
    }
    @Nullable List<AckReceipt> receipts = innermost.apply(acks);
    if (receipts == null || !aligned(receipts, acks)) {
      throw new IllegalStateException(
          "The storage's receipts do not match its " + acks.size() + " acks. One each, in order.");
    }
    return receipts;
  }

  @Override
  public List<Ack> acks() {
    return acks;
  }

  @Override
  public List<AckReceipt> proceed() {
    return proceed(acks);
  }

  @Override
  public List<AckReceipt> proceed(List<Ack> changed) {
    if (proceeded) {
      throw Misuse.twice(links[index], Point.ACK);
    }
    List<Ack> next = changed == acks ? acks : sameLeases(changed);
    proceeded = true;
    try {
      List<AckReceipt> receipts = run(links, index + 1, next, innermost);
      inner = receipts;
      return receipts;
    } catch (Throwable error) {
      trouble = error;
      throw error;
    }
  }

  private List<Ack> sameLeases(List<Ack> changed) {
    boolean same = changed.size() == acks.size();
    for (int i = 0; same && i < acks.size(); i++) {
      @Nullable Ack ack = changed.get(i);
      same = ack != null && ack.lease().equals(acks.get(i).lease());
    }
    if (!same) {
      throw Misuse.changed(links[index], Point.ACK, "acks of other leases");
    }
    return List.copyOf(changed);
  }

  private List<AckReceipt> around() {
    @Nullable List<AckReceipt> answer = null;
    @Nullable Throwable thrown = null;
    try {
      answer = links[index].middleware().ack(this);
    } catch (Throwable error) {
      thrown = error;
    }
    if (trouble != null) {
      throw rethrow(trouble, thrown);
    }
    List<AckReceipt> receipts = inner;
    if (receipts == null) {
      warn("did not proceed around ack; the acks go on without it", thrown);
      return run(links, index + 1, acks, innermost);
    }
    if (thrown != null || answer == null || !aligned(answer, acks)) {
      warn("failed after the acks were sent; the storage's receipts stand", thrown);
      return receipts;
    }
    return answer;
  }

  /** What broke inside must reach the kernel as it was: it knows whether to repeat the call. */
  private RuntimeException rethrow(Throwable trouble, @Nullable Throwable thrown) {
    if (thrown != trouble) {
      warn("hid what the acks ran into; it is thrown all the same", thrown);
    }
    if (trouble instanceof Error error) {
      throw error;
    }
    return trouble instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("The acks ended with a checked exception.", trouble);
  }

  private void warn(String what, @Nullable Throwable thrown) {
    log.warn("The plugin '{}' {}.", links[index].plugin(), what, thrown);
  }

  private static boolean aligned(List<AckReceipt> receipts, List<Ack> acks) {
    if (receipts.size() != acks.size()) {
      return false;
    }
    for (int i = 0; i < acks.size(); i++) {
      @Nullable AckReceipt receipt = receipts.get(i);
      if (receipt == null || !receipt.id().equals(acks.get(i).lease().id())) {
        return false;
      }
    }
    return true;
  }
}
