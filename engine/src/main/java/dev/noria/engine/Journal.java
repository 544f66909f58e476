package dev.noria.engine;

/**
 * Decides in what order, and how safely, the commands of all callers reach the {@link Replica}.
 * Implemented by storages; thread-safe.
 */
public interface Journal extends AutoCloseable {

  /**
   * Makes one unit of a call and returns what it replied, once that is as durable as the storage
   * promises. One that {@link Replica#answer} can answer needs no commit.
   */
  <T> T commit(Command<T> command);

  /** Brings the replica up to everything that was committed before this call, by anybody. */
  void catchUp();

  @Override
  void close();
}
