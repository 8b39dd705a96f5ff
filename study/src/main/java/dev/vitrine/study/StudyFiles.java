package dev.vitrine.study;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.file.Png;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * Files of a study: {@code METHOD.html}, {@code METHOD.png} and {@code METHOD.json}.
 *
 * @param data description of the data, as in the plot's caption
 */
public record StudyFiles(String method, String model, String data) {
    public List<Path> write(Path folder, String page, BufferedImage plot, String summary) {
        Path pageFile = folder.resolve(method + ".html");
        Path plotFile = folder.resolve(method + ".png");
        Path summaryFile = folder.resolve(method + ".json");
        OutputFile.write(pageFile, page);
        Png.write(plotFile, plot, Png.facts("Model", model, "Method", method, "Data", data));
        OutputFile.write(summaryFile, summary);
        return List.of(pageFile, plotFile, summaryFile);
    }
}
