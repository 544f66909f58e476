package dev.noria.storage.file;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commits that were used last, up to a number of bytes. Thread-safe. */
final class Recent {
  private final long most;
  private final Map<Long, byte[]> files = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  Recent(long most) {
    this.most = most;
  }

  synchronized byte @Nullable [] get(long sequence) {
    return files.get(sequence);
  }

  synchronized void put(long sequence, byte[] file) {
    byte[] old = files.put(sequence, file);
    bytes += file.length - (old == null ? 0 : old.length);
    Iterator<byte[]> eldest = files.values().iterator();
    while (bytes > most && eldest.hasNext()) {
      bytes -= eldest.next().length;
      eldest.remove();
    }
  }

  synchronized void clear() {
    files.clear();
    bytes = 0;
  }
}
