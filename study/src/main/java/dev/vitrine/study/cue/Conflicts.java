package dev.vitrine.study.cue;

import dev.vitrine.lens.visualization.CarriedCues;
import java.awt.image.BufferedImage;
import java.util.List;

/** Cue-conflict pictures. */
public record Conflicts(List<Conflict> pictures) {
    /**
     * One picture.
     *
     * @param shape name of the picture that gave the shape
     * @param texture name of the picture that gave the texture
     * @param cues how much it has of both
     */
    public record Conflict(String file, String shape, String texture, CarriedCues cues, BufferedImage picture) {}

    public Conflicts {
        pictures = List.copyOf(pictures);
    }

    /** Number of pictures with both cues. */
    public long whole() {
        return pictures.stream().filter(picture -> picture.cues().areBoth()).count();
    }
}
