package dev.noria.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What some files come to: the result of collectors and of the summary.
 *
 * @param kinds counts by kind of file
 * @param failed the files that could not be read, with the reason
 */
record Tally(Map<String, Count> kinds, List<Failed> failed) {

  /** How many files of a kind, and what they come to. */
  record Count(long files, long bytes, long lines, long words) {
    Count plus(Count other) {
      return new Count(
          files + other.files, bytes + other.bytes, lines + other.lines, words + other.words);
    }
  }

  /** A file that could not be read. */
  record Failed(String path, String why) {}

  static Tally empty() {
    return new Tally(new TreeMap<>(), new ArrayList<>());
  }

  void add(FileFacts facts) {
    Count one = new Count(1, facts.bytes(), facts.lines(), facts.words());
    kinds.merge(facts.kind(), one, Count::plus);
  }

  void addFailed(String path, String why) {
    failed.add(new Failed(path, why));
  }

  void add(Tally other) {
    other.kinds.forEach((kind, count) -> kinds.merge(kind, count, Count::plus));
    failed.addAll(other.failed);
  }

  Count total() {
    return kinds.values().stream().reduce(new Count(0, 0, 0, 0), Count::plus);
  }
}
