package dev.noria.storage.file.sim;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What all processes of a simulated host share. Changes of a folder survive a loss of power when
 * the folder was synced, bytes of a file when the file was; a rename survives as a whole or not.
 */
public final class SimDisk {
  private Node root = new Node(true, "root");
  private final List<Change> pending = new ArrayList<>();
  private final Map<Node, SimFileSystem> locks = new HashMap<>();
  private int age;

  private record Entry(Node folder, String name, Node node) {}

  private record Change(List<Entry> entries) {
    boolean touches(Node folder) {
      return entries.stream().anyMatch(entry -> entry.folder == folder);
    }

    void last() {
      for (Entry entry : entries) {
        if (entry.node == null) {
          entry.folder.durableEntries.remove(entry.name);
        } else {
          entry.folder.durableEntries.put(entry.name, entry.node);
        }
      }
    }
  }

  /** The disk as a new process sees it. */
  public SimFileSystem mount() {
    return new SimFileSystem(this);
  }

  /** Another disk with what a loss of power would leave for sure, at this moment. */
  public synchronized SimDisk synced() {
    SimDisk left = new SimDisk();
    left.root = synced(root);
    return left;
  }

  private static Node synced(Node node) {
    Node left = new Node(node.folder, node.owner);
    left.data = node.durableData;
    left.sync();
    node.durableEntries.forEach((name, child) -> left.entries.put(name, synced(child)));
    left.durableEntries.putAll(left.entries);
    return left;
  }

  int age() {
    return age;
  }

  /** Power goes and comes back: every process is gone, and what was not synced may be. */
  public synchronized void cutPower(Loss loss) {
    age++;
    locks.clear();
    for (Change change : pending) {
      if (!loss.losesName()) {
        change.last();
      }
    }
    pending.clear();
    lose(root, loss);
  }

  private static void lose(Node node, Loss loss) {
    if (node.folder) {
      node.entries.clear();
      node.entries.putAll(node.durableEntries);
      node.entries.values().forEach(child -> lose(child, loss));
    } else if (!node.synced) {
      node.data = loss.left(node.durableData, node.data);
      node.sync();
    }
  }

  synchronized void died(SimFileSystem process) {
    locks.values().removeIf(process::equals);
  }

  synchronized boolean lock(Node node, SimFileSystem process) {
    return locks.putIfAbsent(node, process) == null;
  }

  synchronized void unlock(Node node, SimFileSystem process) {
    locks.remove(node, process);
  }

  synchronized Node find(SimPath path) throws IOException {
    Node node = root;
    for (String name : path.names()) {
      if (!node.folder) {
        throw new NotDirectoryException(path.toString());
      }
      node = node.entries.get(name);
      if (node == null) {
        throw new NoSuchFileException(path.toString());
      }
    }
    return node;
  }

  private Node folderOf(SimPath path) throws IOException {
    return find(path.toAbsolutePath().getParent());
  }

  private void change(Entry... entries) {
    for (Entry entry : entries) {
      if (entry.node == null) {
        entry.folder.entries.remove(entry.name);
      } else {
        entry.folder.entries.put(entry.name, entry.node);
      }
    }
    pending.add(new Change(List.of(entries)));
  }

  synchronized Node create(SimPath path, boolean folder, String owner) throws IOException {
    return link(path, new Node(folder, owner));
  }

  synchronized Node link(SimPath path, Node node) throws IOException {
    Node parent = folderOf(path);
    if (parent.entries.containsKey(path.last())) {
      throw new FileAlreadyExistsException(path.toString());
    }
    change(new Entry(parent, path.last(), node));
    return node;
  }

  synchronized void delete(SimPath path) throws IOException {
    Node node = find(path);
    if (!node.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    change(new Entry(folderOf(path), path.last(), null));
  }

  synchronized void move(SimPath from, SimPath to) throws IOException {
    Node node = find(from);
    change(new Entry(folderOf(from), from.last(), null), new Entry(folderOf(to), to.last(), node));
  }

  synchronized List<String> list(SimPath path) throws IOException {
    Node node = find(path);
    if (!node.folder) {
      throw new NotDirectoryException(path.toString());
    }
    return List.copyOf(node.entries.keySet());
  }

  synchronized void write(Node node, long position, byte[] bytes) {
    node.write(position, bytes);
  }

  synchronized byte[] read(Node node) {
    return node.data;
  }

  synchronized void sync(Node node) {
    if (!node.folder) {
      node.sync();
      return;
    }
    pending.removeIf(
        change -> {
          boolean lasts = change.touches(node);
          if (lasts) {
            change.last();
          }
          return lasts;
        });
  }

  /** Flips bits of a file in place, as a failing disk would. */
  public synchronized void damage(SimPath path, int at) throws IOException {
    Node node = find(path);
    node.data = node.data.clone();
    node.data[at] ^= 0x55;
    node.sync();
  }

  /** Whether a file and its name would survive a loss of power. */
  public synchronized boolean isDurable(SimPath path) throws IOException {
    Node node = root;
    for (String name : path.names()) {
      node = node.durableEntries.get(name);
      if (node == null) {
        return false;
      }
    }
    return node.synced;
  }
}
