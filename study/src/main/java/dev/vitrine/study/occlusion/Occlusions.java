package dev.vitrine.study.occlusion;

import java.util.List;

/** Pictures under occlusion. */
public record Occlusions(List<OccludedPicture> pictures) {
    public Occlusions {
        pictures = List.copyOf(pictures);
    }
}
