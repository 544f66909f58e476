package dev.noria.middleware;

import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import java.util.List;

/**
 * The rest of an exchange's acks. Implemented by the kernel only; methods may be added. For the
 * calling thread only.
 */
public interface AckChain {

  /** The acks; may be empty. */
  List<Ack> acks();

  /** Goes on. */
  List<AckReceipt> proceed();

  /** Goes on with changed acks: the same leases in the same order. */
  List<AckReceipt> proceed(List<Ack> changed);
}
