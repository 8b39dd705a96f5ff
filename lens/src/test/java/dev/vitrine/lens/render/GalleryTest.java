package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Every kind of picture in target/gallery, for a person to look at. */
class GalleryTest {
    private static final Path FOLDER = Path.of("target", "gallery");

    @Test
    void everyKindOfPictureIsWritten() throws IOException {
        BufferedImage view = Samples.photo();
        var signed = Samples.hills(224);
        var unsigned = Samples.hill(7);
        Scale signedScale = Scale.robust(signed);
        Scale unsignedScale = Scale.robust(unsigned, Polarity.UNSIGNED);
        Sheet.overlay(HeatmapPainter.OVERLAY, signed, signedScale, view).write(FOLDER.resolve("signed-overlay.png"));
        Sheet.map(HeatmapPainter.MAP, signed, signedScale, 224, 224).write(FOLDER.resolve("signed-map.png"));
        Sheet.overlay(HeatmapPainter.OVERLAY, unsigned, unsignedScale, view).write(FOLDER.resolve("cam-overlay.png"));
        Sheet.map(HeatmapPainter.MAP.with(Resampling.NEAREST), unsigned, unsignedScale, 224, 224)
                .write(FOLDER.resolve("cam-map.png"));
        new Sheet(
                        HeatmapPainter.pixels(Samples.projection(32)),
                        Samples.provenance("guided-backpropagation"),
                        Optional.empty())
                .write(FOLDER.resolve("projection.png"));
        List<Montage.Cell> cells = new ArrayList<>();
        for (ColorMap map : ColorMap.ALL) {
            boolean diverging = map.shape() == ColorMap.Shape.DIVERGING;
            HeatmapPainter painter = diverging
                    ? new HeatmapPainter(ColorMap.INFERNO, map, Resampling.BILINEAR)
                    : new HeatmapPainter(map, ColorMap.BLUE_WHITE_RED, Resampling.BILINEAR);
            var heatmap = diverging ? signed : unsigned;
            Scale scale = diverging ? signedScale : unsignedScale;
            cells.add(new Montage.Cell(ramp(map), map.name()));
            cells.add(new Montage.Cell(painter.map(heatmap, scale, 224, 224), map.name() + ", map"));
            cells.add(new Montage.Cell(painter.overlay(heatmap, scale, view), map.name() + ", over a picture"));
        }
        Png.write(FOLDER.resolve("color-maps.png"), new Montage(cells, 6).image(), Map.of());

        try (var files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".png")).toList()) {
                assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThanOrEqualTo(320);
            }
        }
    }

    private static BufferedImage ramp(ColorMap map) {
        BufferedImage ramp = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 224; y++) {
            for (int x = 0; x < 224; x++) {
                ramp.setRGB(x, y, map.rgb(x / 223.0));
            }
        }
        return ramp;
    }
}
