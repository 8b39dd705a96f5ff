package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A picture that was made for a network, or one that it was made from.
 *
 * @param stem of its file, if no other picture has it
 * @param facts numbers in words
 * @param course of the objective, one a step; empty where nothing was optimized
 * @param frames how it grew, where that was kept
 * @param problem what it should be and is not, a sentence
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
    /** What it was after a step. */
    public record Frame(int step, BufferedImage picture) {}

    public MadePicture {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        course = List.copyOf(course);
        frames = List.copyOf(frames);
    }

    /** One that is as it should be. */
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

    /** One that nothing was optimized for. */
    static MadePicture given(String stem, String title, BufferedImage picture, Provenance provenance) {
        return new MadePicture(stem, title, picture, provenance, Map.of(), List.of(), List.of());
    }
}
