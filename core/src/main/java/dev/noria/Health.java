package dev.noria;

import java.util.List;

/**
 * How a queue is in this process. Immutable.
 *
 * <p>DEGRADED is what goes on, or comes back by itself; DOWN is what does not, so that it is worth
 * restarting the process. A storage that is away is therefore DEGRADED however long it lasts.
 *
 * <table>
 *   <caption>What makes it DEGRADED or DOWN</caption>
 *   <tr><th>reason</th><th>status</th><th>told</th></tr>
 *   <tr><td>the queue is closed, or its worker was stopped</td><td>DOWN</td><td>at once</td></tr>
 *   <tr><td>the storage could not be opened</td><td>DOWN</td><td>at once</td></tr>
 *   <tr><td>exchange or heartbeat stand still, and so do the threads that replaced them</td>
 *       <td>DOWN</td><td>once two threads hang and the third does too</td></tr>
 *   <tr><td>the worker is stopping</td><td>DEGRADED</td><td>at once</td></tr>
 *   <tr><td>the storage does not answer</td><td>DEGRADED</td>
 *       <td>after 1 s; when it comes and goes, until it stayed away for 10 s</td></tr>
 *   <tr><td>leases were not extended for half their length, although the storage answers</td>
 *       <td>DEGRADED</td><td>until they are</td></tr>
 *   <tr><td>the signals of the storage are not heard, although it answers</td><td>DEGRADED</td>
 *       <td>after 5 s</td></tr>
 *   <tr><td>a loop stands still, of the kernel, of a plugin, or a listener's</td>
 *       <td>DEGRADED</td><td>after {@code noria.worker.stall-after}, heartbeat and fence after a
 *       quarter of the lease; until as long after it went on</td></tr>
 *   <tr><td>a loop failed three times in a row</td><td>DEGRADED</td><td>until a turn works</td></tr>
 *   <tr><td>the wall clock is more than 5 s off the storage server's</td><td>DEGRADED</td>
 *       <td>while it is</td></tr>
 *   <tr><td>the wall clock jumped, so nothing is reclaimed</td><td>DEGRADED</td>
 *       <td>for one lease</td></tr>
 *   <tr><td>the watchdog does not look</td><td>DEGRADED</td><td>after 10 s</td></tr>
 * </table>
 *
 * @param status the short answer
 * @param reasons why it is not UP, in words, the worst first; empty when it is
 */
public record Health(Status status, List<String> reasons) {

  /** The short answers. */
  public enum Status {
    /** All is well. */
    UP,
    /** It goes on, or will by itself, but something is wrong. */
    DEGRADED,
    /** It does not work, and will not by itself. */
    DOWN
  }

  /** Copies the reasons. */
  public Health {
    reasons = List.copyOf(reasons);
  }
}
