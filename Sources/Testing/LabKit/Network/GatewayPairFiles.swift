// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import ServiceModel

/// What keepalived and conntrackd are told on one of two gateways that stand in for each other.
///
/// The files in `packaging/gateway-pair` are these, with the addresses of an example.
package struct GatewayPairFiles: Sendable {
  /// An address of the network that both are on, and its length.
  package struct Shared: Sendable {
    package var interface: String
    package var address: IPv4Address
    package var prefixLength: Int
    /// This machine's own address, and the other one's.
    package var own: IPv4Address
    package var peer: IPv4Address

    package init(interface: String, address: IPv4Address, prefixLength: Int, own: IPv4Address, peer: IPv4Address) {
      self.interface = interface
      self.address = address
      self.prefixLength = prefixLength
      self.own = own
      self.peer = peer
    }
  }

  /// Where the switches send.
  package var outside: Shared
  /// Where the members are, whose way back is the address in it.
  package var inside: Shared
  /// Other addresses of this machine whose connections are its own.
  package var others: [IPv4Address]
  /// The first is preferred if both start together. Afterwards nothing moves without need.
  package var isFirst: Bool
  package var interval: Duration
  /// Where conntrackd has its configuration, its lock, its socket and its log.
  package var conntrackd: (configuration: String, lock: String, socket: String, log: String)

  package init(
    outside: Shared, inside: Shared, others: [IPv4Address] = [], isFirst: Bool,
    interval: Duration = .milliseconds(100),
    conntrackd: (configuration: String, lock: String, socket: String, log: String) = (
      "/etc/conntrackd/conntrackd.conf", "/var/lock/conntrackd.lock", "/var/run/conntrackd.ctl", "off"
    )
  ) {
    self.outside = outside
    self.inside = inside
    self.others = others
    self.isFirst = isFirst
    self.interval = interval
    self.conntrackd = conntrackd
  }

  package var keepalived: String {
    """
    # /etc/keepalived/keepalived.conf on one of two gateways of a region: who of them holds the gateway's address.
    # On the other one: its own addresses, and priority 100 instead of 101.
    #
    # advert_int is in seconds. The other gateway takes over when 3 advertisements are missed and a little more:
    #   3 * advert_int + advert_int * (256 - priority) / 256

    global_defs {
      router_id \(self.isFirst ? "first" : "second")
      vrrp_version 3
      script_user root
      enable_script_security
      # It must not wait for others when there is much to do. Not vrrp_rt_priority: the kernel kills a process of that kind
      # that was not interrupted for 10 ms, which a busy hypervisor is enough for.
      vrrp_priority -20
    }

    vrrp_instance gateway {
      # Whoever is active stays it: to move back would be another interruption.
      state BACKUP
      nopreempt
      interface \(self.outside.interface)
      virtual_router_id 51
      priority \(self.isFirst ? 101 : 100)
      advert_int \(self.seconds)
      # To the other one only: clouds seldom pass on multicast.
      unicast_src_ip \(self.outside.own)
      unicast_peer {
        \(self.outside.peer)
      }
      # Without either interface it is no gateway.
      track_interface {
        \(self.inside.interface)
      }
      virtual_ipaddress {
        # Where the switches send: 'address' of the region's gateway in the controllers' configuration.
        \(self.outside.address)/\(self.outside.prefixLength) dev \(self.outside.interface)
        # The members' way back, their default gateway.
        \(self.inside.address)/\(self.inside.prefixLength) dev \(self.inside.interface)
      }
      # Who was away asks the other one for the connections that there are.
      notify_backup "/usr/sbin/conntrackd -C \(self.conntrackd.configuration) -n"
    }

    """
  }

  package var conntrackdConfiguration: String {
    """
    # /etc/conntrackd/conntrackd.conf on one of two gateways of a region: connections that the other one knows as well.
    # On the other one: its own addresses.

    Sync {
      Mode FTFW {
        # Straight into the kernel: nothing is to be done when the gateway's address comes.
        DisableExternalCache On
        # Who has been away asks for all connections when it starts.
        StartupResync On
      }
      # Over the network of the members. Nobody else should be able to send there: it is not authenticated.
      UDP {
        IPv4_address \(self.inside.own)
        IPv4_Destination_Address \(self.inside.peer)
        Port 3780
        Interface \(self.inside.interface)
        SndSocketBuffer 1249280
        RcvSocketBuffer 1249280
        Checksum on
      }
    }

    General {
      HashSize 32768
      # Twice as many connections as there ever are.
      HashLimit 131072
      LogFile \(self.conntrackd.log)
      Syslog off
      LockFile \(self.conntrackd.lock)
      UNIX {
        Path \(self.conntrackd.socket)
      }
      NetlinkBufferSize 2097152
      NetlinkBufferSizeMaxGrowth 8388608
      NetlinkOverrunResync On
      Filter From Userspace {
        Protocol Accept {
          TCP
          UDP
        }
        # Its own connections are nobody else's.
        Address Ignore {
    \((["127.0.0.1", "\(self.outside.own)", "\(self.inside.own)"] + self.others.map { "\($0)" })
      .map { "      IPv4_address \($0)" }.joined(separator: "\n"))
        }
      }
    }

    """
  }

  /// keepalived counts hundredths.
  private var seconds: String {
    let hundredths = max(self.interval.nanoseconds / 10_000_000, 1)
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
