package dev.noria.storage.file.sim;

import java.util.Arrays;
import java.util.TreeMap;

/** A file or a folder: as processes see it, and as it would be after a loss of power. */
final class Node {
  final boolean folder;
  final String owner;
  final TreeMap<String, Node> entries = new TreeMap<>();
  final TreeMap<String, Node> durableEntries = new TreeMap<>();
  byte[] data = new byte[0];
  byte[] durableData = new byte[0];
  boolean synced = true;

  Node(boolean folder, String owner) {
    this.folder = folder;
    this.owner = owner;
  }

  void write(long position, byte[] bytes) {
    int end = (int) position + bytes.length;
    if (end > data.length) {
      data = Arrays.copyOf(data, end);
    } else {
      data = data.clone();
    }
    System.arraycopy(bytes, 0, data, (int) position, bytes.length);
    synced = false;
  }

  void sync() {
    durableData = data;
    synced = true;
  }
}
