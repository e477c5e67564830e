package io.github.dydxgateway.access;

import io.grpc.Attributes;
import io.grpc.Grpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * Whom limits per client are for: an IPv4 address, or the 64 bits of an IPv6 address that name a
 * network, for one host has all the addresses in it.
 *
 * @param network the first eight bytes of the address
 */
public record ClientAddress(long network) {
  /** Peers that have no address, such as those of a test in memory. */
  private static final ClientAddress UNKNOWN = new ClientAddress(-1);

  /** The client at the other end of a gRPC transport. */
  public static ClientAddress of(Attributes transport) {
    return of(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  /** The client at the other end of a socket. */
  public static ClientAddress of(SocketAddress address) {
    return address instanceof InetSocketAddress inet && !inet.isUnresolved()
        ? of(inet.getAddress())
        : UNKNOWN;
  }

  /** The client with this address. */
  public static ClientAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? new ClientAddress(Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()))
        : new ClientAddress(ByteBuffer.wrap(bytes).getLong());
  }
}
