# docker build -t vitrine . && docker run --rm -v "$PWD:/work" vitrine explain photo.jpg
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN mvn -B -ntp -Pdistribution -Dquick -Dmaven.test.skip=true -pl app -am package \
    && mkdir /distribution \
    && cd /distribution \
    && jar xf /source/app/target/vitrine-*.zip \
    && mv vitrine-* vitrine \
    && chmod +x vitrine/vitrine

FROM eclipse-temurin:17-jre
COPY --from=build /distribution/vitrine /opt/vitrine
WORKDIR /work
ENTRYPOINT ["/opt/vitrine/vitrine"]
CMD ["--help"]
