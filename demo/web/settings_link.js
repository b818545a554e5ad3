// A link to Train's settings: the server writes what it says, this copies it.
(() => {
  const { copyAddress, make } = window.ganscope;

  window.ganscope.settings_link = (element, props, trigger, watch) => {
    const said = make("p", { className: "gs-quiet gs-hint", role: "status" });
    element.querySelector(".gs-settings-link").append(said);
    watch("value", async () => {
      said.textContent = await copyAddress(`${location.href.split(/[?#]/)[0]}?${props.value}`);
      setTimeout(() => { said.textContent = ""; }, 4000);
    });
  };
})();
