package dev.vitrine.study.segment;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Segmentation;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.segment.Segments.Segment;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes each picture's object as a cutout, a mask, and an outline. */
public record SegmentFiles(SegmentSearch search) implements Report<Segments> {
    @Override
    public List<Path> write(Outcome<Segments> outcome, Path folder) {
        Stems stems = new Stems();
        List<Path> written = new ArrayList<>();
        for (Segment segment : outcome.result().pictures()) {
            Picture view = search.model().preprocessing().view(search.pictures().read(segment.index()));
            Segmentation found = segment.segmentation();
            Map<String, String> facts = Sheet.facts(search.provenance(segment));
            String stem = stems.of(segment.name());
            written.add(write(folder.resolve(stem + "-cutout.png"), found.cutOut(view), facts));
            written.add(write(folder.resolve(stem + "-mask.png"), found.mask(), facts));
            written.add(write(folder.resolve(stem + "-outline.png"), found.outline(view), facts));
        }
        return written;
    }

    private static Path write(Path path, BufferedImage drawing, Map<String, String> facts) {
        Png.write(path, drawing, facts);
        return path;
    }
}
