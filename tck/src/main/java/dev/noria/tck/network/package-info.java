/**
 * A network that breaks: a {@link dev.noria.tck.network.TcpProxy} stands between a storage and its
 * server, and cuts, holds, delays or refuses connections on demand.
 */
@NullMarked
package dev.noria.tck.network;

import org.jspecify.annotations.NullMarked;
