package dev.vitrine.app.answer;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShapeBiasCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path out;
    private Path classes;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder);
        data = Files.createDirectories(folder.resolve("data"));
        out = folder.resolve("out");
        classes = Files.writeString(folder.resolve("classes.csv"), "class,member\ncat,0\ndog,1\nbear,2\ncat,3\n");
        Shell.picture(data, "cat1-dog2.png", 40, 36);
        Shell.picture(data, "dog1-bear2.png", 33, 50);
        Shell.picture(data, "dog1-dog2.png", 33, 50);
    }

    @Test
    void asksNetworksAndComparesThemWithPeople() throws IOException {
        Path people = Files.writeString(
                folder.resolve("people.csv"),
                "subj,imagename,object_response,category\nsubject-01,cat1-dog2.png,cat,cat\nsubject-01,dog1-bear2.png,na,dog\n");
        Path report = folder.resolve("report.json");
        Shell.Outcome outcome = vitrine(
                        "shape-bias",
                        "-m",
                        model,
                        "--model",
                        model,
                        "--data",
                        data,
                        "--classes",
                        classes,
                        "--answers",
                        people,
                        "--report",
                        report,
                        "-o",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("subject-01", "100.0 %", "net (2)");
        for (String file : new String[] {"shape-bias.html", "shape-bias.png", "shape-bias.json", "answers.csv"}) {
            assertThat(out.resolve(file)).isNotEmptyFile();
        }
        assertThat(out.resolve("unfinished")).doesNotExist();
        assertThat(Files.readString(report)).isEqualTo(Files.readString(out.resolve("shape-bias.json")));
        JsonNode json = new JsonMapper().readTree(Files.readString(report));
        assertThat(json.get("subjects").size()).isEqualTo(3);
        assertThat(json.get("subjects").get(0).get("pictures").asInt()).isEqualTo(2);
        assertThat(json.get("subjects").get(0).get("agreeing").asInt()).isEqualTo(1);
        assertThat(json.get("consistency").get("pairs").size()).isEqualTo(3);
        vitrine("shape-bias", "--answers", out.resolve("answers.csv"), "--report", report)
                .succeeds();
        JsonNode again = new JsonMapper().readTree(Files.readString(report));
        assertThat(again.get("subjects")).isEqualTo(json.get("subjects"));
    }

    @Test
    void wrongRequests() throws IOException {
        vitrine("shape-bias").failsWith(2, "--data", "--answers");
        vitrine("consistency").failsWith(2, "--answers");
        vitrine("shape-bias", "-m", model, "--data", data, "-o", out).failsWith(2, "bear");
        Files.writeString(classes, "class,member\ncat,0\ndog,1\n");
        vitrine("shape-bias", "-m", model, "--data", data, "--classes", classes, "-o", out)
                .failsWith(2, "classes bear", "cat, dog");
        Shell.picture(data, "elephant.png", 40, 36);
        vitrine("shape-bias", "-m", model, "--data", data, "-o", out).failsWith(1, "'elephant.png'");
        assertThat(out).doesNotExist();
    }
}
