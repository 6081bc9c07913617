// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane

extension MassFailureResource {
  init(_ view: StatusView) {
    self.init(
      holding: view.massFailure != nil, held: view.massFailure?.held ?? 0,
      links: ["self": Path.massFailure, "release": Path.massFailure + "/release", "events": "/v1/events"])
  }
}
