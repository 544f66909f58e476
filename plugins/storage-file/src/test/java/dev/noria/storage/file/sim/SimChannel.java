package dev.noria.storage.file.sim;

import dev.noria.storage.file.sim.SimFileSystem.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or a folder that is open to be synced. */
final class SimChannel extends FileChannel {
  private final SimFileSystem system;
  private final SimPath path;
  private final Node node;
  private long position;
  private boolean locked;

  SimChannel(SimFileSystem system, SimPath path, Node node) {
    this.system = system;
    this.path = path;
    this.node = node;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    system.step(Kind.LOOK, path);
    byte[] data = system.disk().read(node);
    if (from >= data.length) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), data.length - from);
    target.put(data, (int) from, count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    system.step(Kind.WRITE, path);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    system.disk().write(node, position, bytes);
    position += bytes.length;
    return bytes.length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long other) {
    position = other;
    return this;
  }

  @Override
  public long size() {
    return system.disk().read(node).length;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    system.step(node.folder ? Kind.SYNC_FOLDER : Kind.SYNC, path);
    system.disk().sync(node);
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) throws IOException {
    system.step(Kind.LOOK, path);
    if (!system.disk().lock(node, system)) {
      return null;
    }
    locked = true;
    return new FileLock(this, from, size, shared) {
      @Override
      public boolean isValid() {
        return locked;
      }

      @Override
      public void release() {
        unlock();
      }
    };
  }

  private void unlock() {
    if (locked) {
      locked = false;
      system.disk().unlock(node, system);
    }
  }

  @Override
  protected void implCloseChannel() {
    unlock();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer source, long at) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
