package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.storage.file.Commit.Span;
import dev.noria.storage.file.CommitLog.Place;
import dev.noria.storage.file.CommitLog.Shape;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A log of one process, whose state is the list of what was committed. */
final class LogRig implements CommitLog.Follower {
  static final int FOLDER_COMMITS = 4;
  private static final AtomicLong MARKS = new AtomicLong(1);

  final SimFileSystem system;
  final Layout layout;
  final Disk disk;
  final Drafts drafts;
  final CommitLog log;
  final List<String> state = new ArrayList<>();
  final List<Long> voided = new ArrayList<>();
  final List<Long> corrupt = new ArrayList<>();

  private LogRig(SimDisk host, String name) throws IOException {
    system = host.mount();
    Path root = system.getPath("/jobs");
    layout = new Layout(root);
    disk = Scene.disk(root, true);
    drafts = new Drafts(layout.temp(), disk, name);
    log =
        new CommitLog(
            layout, disk, drafts, this, new Shape(FOLDER_COMMITS, MARKS::getAndIncrement));
  }

  /** The first process of a disk, or a later one, from the first commit on. */
  static LogRig open(SimDisk host, String name) throws IOException {
    LogRig rig = new LogRig(host, name);
    rig.disk.createFolder(rig.layout.folder());
    for (Path folder : rig.layout.folders()) {
      rig.disk.createFolder(folder);
    }
    String first = Names.folder(1, 0);
    rig.disk.createFolder(rig.layout.log().resolve(first));
    rig.disk.syncFolder(rig.layout.log());
    rig.disk.syncFolder(rig.layout.folder());
    rig.disk.syncFolder(rig.system.getPath("/"));
    rig.log.moveTo(Place.startOf(first));
    return rig;
  }

  long append(String word) throws IOException {
    Path draft = drafts.write(Commit.of(List.of(word.getBytes(UTF_8))).file());
    long sequence = log.append(draft);
    state.add(word);
    log.sync();
    drafts.discard(draft);
    return sequence;
  }

  Path file(long sequence) {
    return layout.log().resolve(log.place().folder()).resolve(Names.of(sequence));
  }

  @Override
  public void commands(long sequence, Commit commit) throws IOException {
    for (Span span : commit.commands()) {
      state.add(new String(commit.file(), span.offset(), span.length(), UTF_8));
    }
  }

  @Override
  public void voided(long sequence) {
    voided.add(sequence);
  }

  @Override
  public void corrupt(long sequence, Path file, CorruptException why) {
    corrupt.add(sequence);
  }
}
