package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A synthesized picture, or the original it is based on.
 *
 * @param stem of its file, unless another picture has it
 * @param facts measurements as text
 * @param course objective value at each step; empty if nothing was optimized
 * @param frames intermediate pictures, if kept
 * @param problem a requirement that the picture does not meet, as a sentence
 */
public record MadePicture(
        String stem,
        String title,
        BufferedImage picture,
        Provenance provenance,
        Map<String, String> facts,
        List<Double> course,
        List<Frame> frames,
        Optional<String> problem) {
    /** The objective value after a step. */
    public record Frame(int step, BufferedImage picture) {}

    public MadePicture {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        course = List.copyOf(course);
        frames = List.copyOf(frames);
    }

    /** A picture without a problem. */
    public MadePicture(
            String stem,
            String title,
            BufferedImage picture,
            Provenance provenance,
            Map<String, String> facts,
            List<Double> course,
            List<Frame> frames) {
        this(stem, title, picture, provenance, facts, course, frames, Optional.empty());
    }

    MadePicture withProblem(Optional<String> found) {
        return new MadePicture(stem, title, picture, provenance, facts, course, frames, found);
    }

    /** A picture that was not optimized. */
    static MadePicture given(String stem, String title, BufferedImage picture, Provenance provenance) {
        return new MadePicture(stem, title, picture, provenance, Map.of(), List.of(), List.of());
    }
}
