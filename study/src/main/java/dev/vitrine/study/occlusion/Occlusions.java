package dev.vitrine.study.occlusion;

import java.util.List;

/** Pictures with each part covered in turn. */
public record Occlusions(List<OccludedPicture> pictures) {
    public Occlusions {
        pictures = List.copyOf(pictures);
    }
}
