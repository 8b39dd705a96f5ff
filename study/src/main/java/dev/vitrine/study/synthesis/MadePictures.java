package dev.vitrine.study.synthesis;

import java.util.List;

/** Pictures that were made for a network, in the order in which they are shown. */
public record MadePictures(List<MadePicture> pictures) {
    public MadePictures {
        pictures = List.copyOf(pictures);
    }
}
