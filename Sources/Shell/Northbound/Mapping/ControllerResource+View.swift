// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane

extension ControllerResource {
  init(_ view: LeadershipView) {
    let (role, epoch): (Role, UInt64?) =
      switch view.leadership {
      case .alone: (.alone, nil)
      case .leading(let epoch): (.leader, epoch)
      case .following(let epoch): (.follower, epoch)
      }
    self.init(name: view.name, version: Product.version, role: role, epoch: epoch, leader: view.leader)
  }
}
