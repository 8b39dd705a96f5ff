package dev.vitrine.study.explanation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.perturbation.DetectedBoxes;
import dev.vitrine.lens.session.ModelSession;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Boxes detected for some classes of a picture, in pixels of the network's input.
 *
 * @param ofClasses for each class its best box, or the requested one; empty for other networks
 */
record FoundBoxes(Map<Integer, Found> ofClasses) {
    /** A box by its index. */
    record Found(int number, DetectedBoxes.Pixels pixels) {
        String words() {
            return String.format(
                    Locale.ROOT,
                    "box %d: %.0f,%.0f to %.0f,%.0f",
                    number,
                    pixels.left(),
                    pixels.top(),
                    pixels.right(),
                    pixels.bottom());
        }
    }

    static FoundBoxes of(ModelSession session, Tensor image, List<Integer> classes) {
        Map<Integer, Found> found = new LinkedHashMap<>();
        if (DetectedBoxes.areKnown(session.model())) {
            DetectedBoxes boxes = DetectedBoxes.of(session, image);
            for (int target : classes) {
                int best = boxes.best(target);
                boxes.pixels(best).ifPresent(pixels -> found.put(target, new Found(best, pixels)));
            }
        }
        return new FoundBoxes(found);
    }

    /** The picture with the boxes drawn on it, as light lines with dark outlines. */
    BufferedImage on(BufferedImage view) {
        if (ofClasses.isEmpty()) {
            return view;
        }
        BufferedImage drawn = new BufferedImage(view.getWidth(), view.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = drawn.createGraphics();
        graphics.drawImage(view, 0, 0, null);
        float width = Math.max(1, Math.min(view.getWidth(), view.getHeight()) / 150f);
        for (Found found : ofClasses.values()) {
            DetectedBoxes.Pixels box = found.pixels();
            Rectangle2D outline =
                    new Rectangle2D.Double(box.left(), box.top(), box.right() - box.left(), box.bottom() - box.top());
            graphics.setStroke(new BasicStroke(3 * width));
            graphics.setColor(Color.BLACK);
            graphics.draw(outline);
            graphics.setStroke(new BasicStroke(width));
            graphics.setColor(Color.WHITE);
            graphics.draw(outline);
        }
        graphics.dispose();
        return drawn;
    }
}
