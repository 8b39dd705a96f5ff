package dev.vitrine.study.synthesis;

import java.util.List;

/** Synthesized pictures, in display order. */
public record MadePictures(List<MadePicture> pictures) {
    public MadePictures {
        pictures = List.copyOf(pictures);
    }
}
