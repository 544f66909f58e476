package dev.noria.engine;

import dev.noria.job.GroupPolicy;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The READY jobs of one group of a queue, and what the group may have. */
final class Line {
  private static final int PLAIN = code(0, false);

  final NamedQueue queue;
  final String group;

  /** Jobs of default priority and direction: nearly all. */
  private final Band plain = new Band(false);

  private @Nullable TreeMap<Integer, Band> others;

  GroupPolicy policy = GroupPolicy.UNLIMITED;
  @Nullable Tokens tokens;

  /** Unfinished jobs; a line without any may go. */
  int members;

  int running;

  /** How many more jobs it may start in this turn. */
  int credit;

  /** Whether it stands in the ring of its queue. */
  boolean inRing;

  /** When it has a token again, while it stands among the throttled lines; else −1. */
  long throttledUntil = -1;

  /** Whether it is listed as one that may go. */
  boolean isIdleListed;

  Line(NamedQueue queue, String group) {
    this.queue = queue;
    this.group = group;
  }

  /** Smaller comes first: higher priority, then LIFO. */
  private static int code(int priority, boolean lifo) {
    return -2 * priority + (lifo ? 0 : 1);
  }

  private static int code(Entry entry) {
    return code(entry.shape.priority, entry.shape.lifo);
  }

  boolean isEmpty() {
    return others == null && plain.isEmpty();
  }

  boolean isSaturated() {
    return policy.maxRunning() > 0 && running >= policy.maxRunning();
  }

  boolean mayStart(long now) {
    return tokens == null || tokens.isAvailable(now);
  }

  /** Whether it could start a job now; changes nothing. */
  boolean hasTurn(long now) {
    return !isEmpty() && !isSaturated() && (tokens == null || tokens.wouldBeAvailable(now));
  }

  /** Whether an idle line goes, or comes off the list of those that may. */
  boolean isOver(long now) {
    return members > 0 || (!inRing && (tokens == null || tokens.wouldBeFull(now)));
  }

  void use(GroupPolicy newPolicy, long now) {
    GroupPolicy.StartRate rate = newPolicy.startRate();
    if (rate == null) {
      tokens = null;
    } else if (tokens == null) {
      tokens = new Tokens(rate, now);
    } else if (!rate.equals(policy.startRate())) {
      tokens = new Tokens(rate, tokens, now);
    }
    policy = newPolicy;
    credit = Math.min(credit, newPolicy.weight());
  }

  void add(Entry entry) {
    int code = code(entry);
    if (code == PLAIN) {
      plain.add(entry);
      return;
    }
    TreeMap<Integer, Band> bands = others;
    if (bands == null) {
      bands = new TreeMap<>();
      others = bands;
    }
    bands.computeIfAbsent(code, any -> new Band(entry.shape.lifo)).add(entry);
  }

  void remove(Entry entry) {
    int code = code(entry);
    if (code == PLAIN) {
      plain.remove(entry);
      return;
    }
    Band band = others == null ? null : others.get(code);
    if (others != null && band != null) {
      band.remove(entry);
      if (band.isEmpty()) {
        others.remove(code);
        others = others.isEmpty() ? null : others;
      }
    }
  }

  boolean contains(Entry entry) {
    int code = code(entry);
    Band band = code == PLAIN ? plain : others == null ? null : others.get(code);
    return band != null && band.contains(entry);
  }

  /** The job whose turn it is. */
  @Nullable Entry first() {
    if (others == null) {
      return plain.first();
    }
    boolean ahead = plain.isEmpty() || others.firstKey() < PLAIN;
    return ahead ? others.firstEntry().getValue().first() : plain.first();
  }

  /** Since when its oldest job is READY. */
  long oldestReady() {
    Entry oldest = plain.oldest();
    long since = oldest == null ? Entry.NONE : oldest.dueAt;
    if (others != null) {
      for (Band band : others.values()) {
        Entry other = band.oldest();
        if (other != null && (since == Entry.NONE || other.dueAt < since)) {
          since = other.dueAt;
        }
      }
    }
    return since;
  }

  void write(Out out) {
    out.text(group);
    out.number(credit);
    out.number(throttledUntil);
    out.optional(tokens, bucket -> bucket.write(out));
  }

  void read(In in, GroupPolicy of) {
    policy = of;
    credit = in.integer();
    throttledUntil = in.number();
    if (in.flag()) {
      long level = in.number();
      long filledAt = in.number();
      GroupPolicy.StartRate rate = of.startRate();
      tokens = rate == null ? null : new Tokens(rate, level, filledAt);
    }
  }
}
